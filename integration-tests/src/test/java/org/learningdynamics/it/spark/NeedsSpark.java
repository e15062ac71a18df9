package org.learningdynamics.it.spark;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** A test that starts Spark 3.5, which ends with {@code getSubject is not supported} on JDK 24. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@DisabledForJreRange(min = JRE.JAVA_24, disabledReason = "Spark 3.5 runs on JDK 17 to 23")
public @interface NeedsSpark {}
