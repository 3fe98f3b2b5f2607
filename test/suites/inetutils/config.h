/* In place of what configure would find out for the two programs of the suite: they do without. */
