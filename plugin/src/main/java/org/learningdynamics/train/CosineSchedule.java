package org.learningdynamics.train;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A rate that falls to 0 as half a cosine: {@code peak·(1 + cos(π·t/length))/2} at iteration or
 * epoch t, 0 from {@code t = length} on.
 *
 * <p>Counted in epochs it gives the rates of PyTorch's {@code CosineAnnealingLR(T_max=length)}
 * stepped once an epoch. ND4J brings no such schedule. Saved with a network's configuration.
 *
 * @param unit what t counts
 * @param peak the rate at t = 0, greater than 0
 * @param length where the rate reaches 0, at least 1
 * @serial exclude
 */
@SuppressWarnings("InvalidBlockTag") // saved as JSON; its fields need no serialized form
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE)
public record CosineSchedule(
        @JsonProperty("unit") ScheduleType unit,
        @JsonProperty("peak") double peak,
        @JsonProperty("length") int length)
        implements ISchedule {
    /**
     * Checks the values.
     *
     * @param unit what t counts
     * @param peak the rate at t = 0, greater than 0
     * @param length where the rate reaches 0, at least 1
     * @throws IllegalArgumentException if a value breaks its rule
     */
    public CosineSchedule {
        if (!(peak > 0)) {
            throw new IllegalArgumentException("peak must be > 0, got " + peak);
        }
        if (length < 1) {
            throw new IllegalArgumentException("length must be >= 1, got " + length);
        }
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        int t = unit == ScheduleType.ITERATION ? iteration : epoch;
        return peak * (1 + Math.cos(Math.PI * Math.min(t, length) / length)) / 2;
    }

    /** Immutable, so it stands for its own copy. */
    @Override
    @SuppressWarnings("MissingSuperCall")
    public ISchedule clone() {
        return this;
    }
}
