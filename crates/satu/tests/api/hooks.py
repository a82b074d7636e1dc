"""What schemathesis does not know of by itself: a body of tus, and what need not be read."""

import schemathesis


@schemathesis.serializer("application/offset+octet-stream")
def offset(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.deserializer("application/vnd.apache.parquet")
def parquet(ctx, response):
    return response.content.decode("latin-1")


@schemathesis.deserializer("application/x-ndjson")
def lines(ctx, response):
    return response.content.decode()
