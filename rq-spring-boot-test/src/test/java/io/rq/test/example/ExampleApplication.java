package io.rq.test.example;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application as a user would write it.
 */
@SpringBootApplication
public class ExampleApplication {

}
