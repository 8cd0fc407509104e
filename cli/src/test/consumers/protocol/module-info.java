/** A protocol of one's own: the tracker finds it wherever this module is present. */
module consumer.protocol {
    requires io.flowscope.capture;
    requires io.flowscope.tracker;

    provides io.flowscope.tracker.session.SessionProtocol with
            io.flowscope.tracker.session.example.LengthPrefixedProtocol;
}
