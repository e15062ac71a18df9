package org.learningdynamics.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** No loss is left out of the contract. */
class LossCatalogueTest {
    private static final List<Class<?>> CONTRACTS =
            List.of(
                    MarginLossesContractTest.class,
                    LogRatioLossesContractTest.class,
                    LikelihoodLossesContractTest.class,
                    ResponseLossesContractTest.class,
                    BatchLossesContractTest.class);

    @Test
    void everyLossIsUnderTheContract() throws ReflectiveOperationException {
        Set<String> tested = new TreeSet<>();
        for (Class<?> contract : CONTRACTS) {
            for (Class<?> nested : contract.getDeclaredClasses()) {
                tested.add(loss(contract, nested).name());
            }
        }
        tested.retainAll(Losses.names());
        assertEquals(Losses.names(), tested);
    }

    private static Loss loss(Class<?> outer, Class<?> nested) throws ReflectiveOperationException {
        Constructor<?> ofOuter = outer.getDeclaredConstructor();
        Constructor<?> ofNested = nested.getDeclaredConstructor(outer);
        return ((LossContractTest) ofNested.newInstance(ofOuter.newInstance())).loss();
    }
}
