package io.rq.worker;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * What a method returned.
 *
 * @param function the function's name
 * @param type the declared type
 * @param value the value
 */
record ReturnedValue(String function, Type type, @Nullable Object value) {

}
