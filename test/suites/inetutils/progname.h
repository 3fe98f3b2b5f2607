/* In place of the one of gnulib: the programs of the suite only say who they are. */
#define set_program_name(name) ((void)(name))
