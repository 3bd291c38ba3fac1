# A service's day, in short: it follows a log that rotates, is struck dead, and goes on.
login() { echo "{\"eventTime\":\"$(date -u +%FT%TZ)\",\"eventID\":\"$1\",\"eventName\":\"ConsoleLogin\",\"userIdentity\":{\"type\":\"Root\"},\"sourceIPAddress\":\"$2\"}"; }
until_heard() { until [ -e heard.ndjson ] && [ "$(wc -l <heard.ndjson)" -ge "$1" ]; do sleep 0.1; done; }
serve() { ./sentry --follow -c sentry.yaml --state state trail.log >/dev/null & }

login e1 198.51.100.7 >trail.log
serve
until_heard 1
kill -KILL $!
wait $! 2>/dev/null
login e2 198.51.100.8 >>trail.log
mv trail.log trail.log.1
login e3 198.51.100.9 >trail.log
serve
until_heard 3
kill -TERM $!
wait $!
