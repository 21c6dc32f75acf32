using System.Text;
using NUnit.Framework;
using Podsharp.Cli.Connection;

namespace Podsharp.Cli.Tests.Connection;

[TestFixture]
[CancelAfter(30_000)]
public sealed class ServiceStarterTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("ps-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task Starts_a_service_that_holds_nothing_of_the_client(CancellationToken cancellationToken)
    {
        // Listens late, serves one connection, tells what it was given, and ends.
        var service = Program(
            """
            #!/usr/bin/python3
            import os, socket, sys, time
            inherited = [fd for fd in os.listdir('/proc/self/fd') if int(fd) > 2 and os.path.exists('/proc/self/fd/' + fd)]
            time.sleep(0.3)
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(sys.argv[2][len('unix://'):])
            listener.listen()
            connection, _ = listener.accept()
            connection.sendall(f"{os.getsid(0) == os.getpid()} {inherited} {os.readlink('/proc/self/fd/0')}".encode())
            """);
        var starter = new ServiceStarter(service, Path.Join(_directory, "run", "podsharp.sock"));

        using var socket = await starter.StartAndConnectAsync(cancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer, cancellationToken)) > 0) text.Append(Encoding.UTF8.GetString(buffer, 0, count));

        Assert.That(text.ToString(), Is.EqualTo("True [] /dev/null"));
    }

    [Test]
    public async Task Tells_the_last_words_of_a_service_that_ends_at_once(CancellationToken cancellationToken)
    {
        var service = Program("#!/bin/sh\necho 'the store is served by another' >&2\nexit 1\n");
        var starter = new ServiceStarter(service, Path.Join(_directory, "run", "podsharp.sock"));

        var failure = await Assert.ThrowsAsync<CliFailure>(() => starter.StartAndConnectAsync(cancellationToken));

        Assert.That(failure!.Message, Does.Contain("the store is served by another"));
    }

    private string Program(string text)
    {
        var path = Path.Join(_directory, "service");
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return path;
    }
}
