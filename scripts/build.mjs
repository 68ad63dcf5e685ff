import { buildApp } from './lib/build.mjs';

process.exitCode = (await buildApp()) ? 0 : 1;
