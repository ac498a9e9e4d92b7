// pm2 start ecosystem.config.js, or, installed as a package, pm2 start node_modules/wakeful/ecosystem.config.js
// Data and profiles are kept in the folder where this is said, unless WAKEFUL_DATA_DIR and WAKEFUL_AUTH_DIR say otherwise.
// One instance in fork mode: two processes on one data folder would fight over the profiles (the second refuses to start).
import { join } from 'node:path';

export const apps = [
  {
    name: 'wakeful',
    script: join(import.meta.dirname, 'dist', 'main.js'),
    // As in package.json, Dockerfile and packaging/systemd; what it saves is told in docs/installing.md.
    node_args: ['--single-threaded-gc', '--max-semi-space-size=4'],
    exec_mode: 'fork',
    instances: 1,
    // The process says `ready` when the API listens and every session that should run has been started.
    wait_ready: true,
    listen_timeout: 60_000,
    // Above deadlines.shutdownMs (25 s), so that every browser is closed cleanly and keeps its login.
    kill_timeout: 30_000,
    autorestart: true,
    exp_backoff_restart_delay: 500,
    max_memory_restart: '1G',
    // A WhatsApp login must not be disturbed by an edited file.
    watch: false,
    merge_logs: true,
  },
];
