"""Three states: autonomy, wedge, patronage, balance."""
