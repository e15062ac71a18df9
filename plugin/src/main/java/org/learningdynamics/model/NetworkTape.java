package org.learningdynamics.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The steps of a network in an order in which they can be run. Slots number the network's inputs,
 * then the steps' outputs.
 */
final class NetworkTape {
    /**
     * One step in its place.
     *
     * @param name the host's
     * @param inputs slots it reads
     * @param step what is done
     */
    record Place(String name, List<Integer> inputs, NetworkStep step) {}

    /** What starts the way back at one of the network's outputs. */
    @FunctionalInterface
    interface Start {
        Optional<INDArray> backward(OutputRule output, Pass pass, boolean below);
    }

    private final int inputs;
    private final List<Place> places;
    private final boolean[] leadsOn; // whether a gradient at the slot reaches parameters

    NetworkTape(int inputs, List<Place> places) {
        this.inputs = inputs;
        this.places = List.copyOf(places);
        leadsOn = new boolean[inputs + places.size()];
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            boolean below = place.step().passesOn() && anyLeadsOn(place);
            leadsOn[inputs + i] = place.step().hasParameters() || below;
        }
    }

    private boolean anyLeadsOn(Place place) {
        return place.inputs().stream().anyMatch(slot -> leadsOn[slot]);
    }

    /** Number of the place of that name. */
    int indexOf(String name) {
        return places.stream().map(Place::name).toList().indexOf(name);
    }

    OutputRule output(int place) {
        if (places.get(place).step() instanceof LayerStep step) {
            return step.output();
        }
        throw new IllegalStateException(
                "output \"" + places.get(place).name() + "\" must be a layer with a loss");
    }

    /** Runs the steps that the given ones need, these included. */
    void forward(List<INDArray> features, List<Integer> ends, Pass pass) {
        boolean[] needed = needed(ends);
        List<Optional<INDArray>> slots = new ArrayList<>();
        features.forEach(array -> slots.add(Optional.of(array)));
        for (int i = 0; i < places.size(); i++) {
            slots.add(
                    needed[inputs + i]
                            ? Optional.of(forward(places.get(i), slots, pass))
                            : Optional.empty());
        }
    }

    private static INDArray forward(Place place, List<Optional<INDArray>> slots, Pass pass) {
        List<INDArray> given =
                place.inputs().stream().map(slot -> slots.get(slot).orElseThrow()).toList();
        return place.step().forward(given, pass);
    }

    private boolean[] needed(List<Integer> ends) {
        boolean[] needed = new boolean[inputs + places.size()];
        ends.forEach(end -> needed[inputs + end] = true);
        for (int i = places.size() - 1; i >= 0; i--) {
            if (needed[inputs + i]) {
                places.get(i).inputs().forEach(slot -> needed[slot] = true);
            }
        }
        return needed;
    }

    /** Goes back from the places that have a start. */
    void backward(Map<Integer, Start> starts, Pass pass) {
        List<Optional<INDArray>> epsilons =
                new ArrayList<>(Collections.nCopies(leadsOn.length, Optional.empty()));
        for (int i = places.size() - 1; i >= 0; i--) {
            Place place = places.get(i);
            boolean below = anyLeadsOn(place);
            List<Optional<INDArray>> gradients = List.of();
            Optional<Start> start = Optional.ofNullable(starts.get(i));
            if (start.isPresent() && place.step() instanceof LayerStep step) {
                gradients = step.toInput(start.get().backward(step.output(), pass, below), pass);
            } else if (epsilons.get(inputs + i).isPresent() && leadsOn[inputs + i]) {
                INDArray epsilon = epsilons.get(inputs + i).get();
                gradients = place.step().backward(epsilon, pass, below);
            }
            epsilons.set(inputs + i, Optional.empty());
            spread(gradients, place, epsilons);
        }
    }

    private void spread(
            List<Optional<INDArray>> gradients, Place place, List<Optional<INDArray>> epsilons) {
        for (int k = 0; k < gradients.size(); k++) {
            int slot = place.inputs().get(k);
            if (leadsOn[slot] && gradients.get(k).isPresent()) {
                INDArray gradient = gradients.get(k).get();
                epsilons.set(
                        slot, Optional.of(epsilons.get(slot).map(gradient::add).orElse(gradient)));
            }
        }
    }

    void clear() {
        places.forEach(place -> place.step().clear());
    }
}
