"""Where our verdict differs from h2spec's, and why ours is right: identifier to the reason. Anything else that differs is an error of ours."""

REASONS = {
    'http2/3.5/2':
        'The server answers a wrong preface with words of HTTP/1.1 and closes the connection, which is what the rule asks for. h2spec takes '
        'the words for a frame and the close for an error inside it; we see that they are no frame.',
    'http2/4.2/2':
        'The server announces SETTINGS_MAX_FRAME_SIZE of 2^24-1: no frame is longer. h2spec then sends nothing at all and fails the server '
        'for not answering; we skip the case.',
    'http2/5.3.1/1':
        'RFC 9113 §5.3.2 deprecates the priorities of RFC 7540, and a server may ignore what they say, a stream that depends on itself '
        'included. h2spec judges by RFC 7540, where that is an error; so do we with `--spec rfc7540`, and without it we take either.',
    'http2/5.3.1/2':
        'The same, of PRIORITY: RFC 9113 §5.3.2 lets a server ignore it, RFC 7540 §5.3.1 made it an error.',
    'http2/6.9.1/3':
        'h2spec sends the request and the two WINDOW_UPDATEs in three writes. A server that has answered and closed the stream before the '
        'last of them arrives has to ignore it (RFC 9113 §5.1), and h2spec fails it: run again, the same server passes. We send all three in '
        'one write, so that the stream is open when the overflow comes.',
    'http2/4.2/3':
        'h2spec sends some 20,000 octets whatever SETTINGS_MAX_FRAME_SIZE the server announced, and fails one that allows more and answers. '
        'We send one octet more than announced, or skip the case where no longer frame exists.',
}
