package io.rq.sample.film;

/**
 * The result of making a film.
 *
 * @param folder the path of the folder that has the frames
 * @param frames how many there are
 */
public record Film(String folder, int frames) {

}
