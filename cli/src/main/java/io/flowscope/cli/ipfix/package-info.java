/**
 * IPFIX messages (RFC 7011), one after the other as an IPFIX file is (RFC 5655): headers, sets,
 * templates, sequence numbers. Knows the protocol and nothing of flows.
 */
@NullMarked
package io.flowscope.cli.ipfix;

import org.jspecify.annotations.NullMarked;
