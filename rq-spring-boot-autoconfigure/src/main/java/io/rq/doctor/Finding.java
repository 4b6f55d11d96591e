package io.rq.doctor;

/**
 * Something that was found.
 *
 * @param check the name of the check that found it
 * @param severity how bad it is
 * @param text what it is, in a sentence or two
 * @param remedy what to do
 */
public record Finding(String check, Severity severity, String text, String remedy) {

}
