# docs/installing.md says how to run this. Chromium comes from Debian, Node from the base image.
ARG NODE_VERSION=20

FROM node:${NODE_VERSION}-bookworm AS build
WORKDIR /build
COPY . .
# The same files as in the package, with exactly the versions of the lock file.
RUN npm ci \
  && npm pack \
  && npm prune --omit=dev \
  && mkdir /opt/wakeful \
  && tar xzf wakeful-*.tgz -C /opt/wakeful --strip-components=1 \
  && mv node_modules /opt/wakeful/

FROM node:${NODE_VERSION}-bookworm-slim
# tini collects dead processes of browsers, which Node as the first process would leave behind.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium-headless-shell tini \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir -m 0700 /data \
  && chown node:node /data
COPY --from=build /opt/wakeful /opt/wakeful
RUN ln -s /opt/wakeful/dist/cli.js /usr/local/bin/wakeful
ENV NODE_ENV=production \
  HOME=/data \
  WAKEFUL_HOST=0.0.0.0 \
  WAKEFUL_DATA_DIR=/data/data \
  WAKEFUL_AUTH_DIR=/data/profiles
USER node
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.WAKEFUL_PORT || 3000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "--single-threaded-gc", "--max-semi-space-size=4", "/opt/wakeful/dist/main.js"]
