#!/usr/bin/env node
// Before npm pack: what the package brings, into dist/.
import { commandLine } from './lib/arguments.mjs';

commandLine({
  usage: `Usage: npm pack

A package with the commands lguest and lguest-machine, and the machine as a library; npm runs this first.`,
});

const { makePackage } = await import('./lib/package.mjs');
await makePackage();
