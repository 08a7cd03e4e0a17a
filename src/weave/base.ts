/** All that a program stands on and is run by, in one bundle: each program imports it, and whoever runs one does, too. */
export * from '#hostos';
export * from '#world';
