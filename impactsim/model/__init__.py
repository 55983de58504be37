"""Systems and scenarios in their authors' words, and the rules that no schema can say."""
