#!/usr/bin/env node
// Committed, so that installing links the command before anything is built.
require('../dist/main.js');
