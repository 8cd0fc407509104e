/** Packets made of fields, random traffic, and a tracker written a second time with collections. */
package io.flowscope.tracker.model;
