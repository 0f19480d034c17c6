"""One module a question: a typed question goes in, an :class:`~tripoint.answers.answer.Answer` comes out.

Every face (terminal, page, assistant, notebook) parses a :class:`~tripoint.answers.question.Question` and renders an
``Answer``; none of them computes. A module here has a question class and one function, ``answer(evidence, question)``.
"""
