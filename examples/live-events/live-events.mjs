#!/usr/bin/env node
// Shows what happens to your numbers as it happens. Misses nothing when the connection breaks or the service restarts.
//   WAKEFUL_API_KEY=wk_... node examples/live-events/live-events.mjs
import { io } from 'socket.io-client';

const url = process.env.WAKEFUL_URL ?? 'http://127.0.0.1:3000';
const token = process.env.WAKEFUL_API_KEY;

// The last event that came. Keep it on disk if you must not miss what happens while this program is off.
let after = null;

// The function is called for every connection, so that each begins where the last one broke off.
const socket = io(url, { auth: (tell) => tell({ token, after }) });

const say = (...words) => console.log(new Date().toISOString(), ...words);

socket.on('sessions', ({ items }) => {
  for (const { id, status, message } of items) say(`${id} is ${status}: ${message}`);
});
socket.on('gap', ({ hint }) => say('events were missed:', hint));
socket.on('session-status', ({ id, status, message }) => say(`${id} is ${status}: ${message}`));
socket.on('whatsapp-connected', ({ sessionId, phoneNumber }) => say(`${sessionId} is connected as ${phoneNumber}`));
socket.on('whatsapp-disconnected', ({ sessionId, reason }) => say(`${sessionId} was lost: ${reason}`));
socket.on('message', ({ sessionId, from, body }) => say(`${sessionId} got from ${from}: ${body}`));
socket.on('message-ack', ({ sessionId, id, status }) => say(`${sessionId}: message ${id} is ${status}`));

socket.onAny((_name, { seq }) => {
  after = seq ?? after;
});

socket.on('connect', () => say(`listening to ${url}`));
socket.on('disconnect', (reason) => {
  say(`the connection ended: ${reason}`);
  // The key was revoked; after any other reason the library connects again by itself.
  if (reason === 'io server disconnect') process.exitCode = 1;
});
socket.on('connect_error', (error) => {
  say(`no connection: ${error.data?.detail ?? error.message}`);
  // Refused, for example for a wrong key: trying again would not help.
  if (!socket.active) process.exitCode = 1;
});
