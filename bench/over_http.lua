-- Reads random golden records by the tokens of many programs. Arguments: persons, a file of tokens.
local tokens, persons, at = {}, 0, 0

function init(args)
  persons = tonumber(args[1])
  for line in io.lines(args[2]) do tokens[#tokens + 1] = "Bearer " .. line end
  math.randomseed(2026)
end

function request()
  at = at % #tokens + 1
  wrk.headers["Authorization"] = tokens[at]
  return wrk.format("GET", "/api/v1/people/" .. math.random(persons))
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("\n{\"requests\": %d, \"us\": %d, \"failed\": %d, \"p50_us\": %d, \"p99_us\": %d, \"most_us\": %d}\n",
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
