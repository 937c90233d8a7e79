System.ignoreBrokenPipes()
System.catchInterrupts()
System.exit(with: Program(console: .ofProcess()).run(System.arguments))
