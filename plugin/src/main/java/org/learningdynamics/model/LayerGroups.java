package org.learningdynamics.model;

/** The layer group of a parameter, from its name. */
final class LayerGroups {
    private LayerGroups() {}

    /**
     * What comes before the last slash, such as {@code block0/attention} of {@code
     * block0/attention/wo}; the name itself without a slash.
     */
    static String ofPath(String parameter) {
        int slash = parameter.lastIndexOf('/');
        return slash < 0 ? parameter : parameter.substring(0, slash);
    }
}
