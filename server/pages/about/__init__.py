"""The pages on the collection as a whole: about it and how to cite it, and how good its data are."""
