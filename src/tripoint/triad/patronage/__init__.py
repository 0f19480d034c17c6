"""How far one state helps another against a third."""
