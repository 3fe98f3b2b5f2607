/** The machines that zinetd runs on. */
export type Architecture = 'x64' | 'arm64';
