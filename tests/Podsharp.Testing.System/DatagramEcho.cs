namespace Podsharp.Testing.System;

/// <summary>Datagrams to a container and back, by python3: Debian's busybox has nothing that serves them.</summary>
public static class DatagramEcho
{
    private const string Serving =
        """
        import socket, sys
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("0.0.0.0", int(sys.argv[1])))
        while True:
            said, who = server.recvfrom(65535)
            server.sendto(b"echo of " + said, who)
        """;

    // What comes too early for the server is lost, and asked again.
    private const string Asking =
        """
        import socket, sys, time
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.connect((sys.argv[1], int(sys.argv[2])))
        client.settimeout(0.2)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                client.send(sys.argv[3].encode())
                print(client.recv(65535).decode())
                sys.exit()
            except OSError:
                time.sleep(0.02)
        sys.exit("nobody answers")
        """;

    /// <summary>In the network of a process, until it is killed.</summary>
    public static RunningCommand Serve(string pid, int port) => new Command("nsenter", "--target", pid, "--net", "python3", "-c", Serving, $"{port}").Start();

    /// <param name="host">An IPv4 address.</param>
    /// <returns>What is answered.</returns>
    /// <exception cref="CommandFailedException">For 20 s nothing was.</exception>
    public static Task<string> AskAsync(EngineUnderTest engine, string host, int port, string question) =>
        engine.OnHost("python3", "-c", Asking, host, $"{port}", question).OutputAsync();
}
