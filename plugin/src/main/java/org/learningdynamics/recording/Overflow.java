package org.learningdynamics.recording;

/** What {@link Recorder#record} does while the queue is full. */
public enum Overflow {
    /** The recording thread waits until there is room; nothing is lost. */
    BLOCK,
    /** The measurement is dropped and counted; an event tells how many once there is room. */
    DROP
}
