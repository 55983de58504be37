"""What a result rests on: which of it only guessed facts connect with what failed. Knows no engine and no clock."""
