using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Podsharp.Cli.Connection;

namespace Podsharp.Cli.Tests.Connection;

[TestFixture]
[CancelAfter(10_000)]
public sealed class UpgradedConnectionTests
{
    private string _path = "";
    private Socket _listener = null!;
    private Socket _client = null!;
    private Socket _server = null!;

    [SetUp]
    public async Task Connect()
    {
        _path = Path.Combine(Path.GetTempPath(), $"ps-{Guid.NewGuid():N}.sock");
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
        _client = await EngineClient.OpenAsync(_path, CancellationToken.None);
        _server = await _listener.AcceptAsync();
    }

    [TearDown]
    public void Disconnect()
    {
        _client.Dispose();
        _server.Dispose();
        _listener.Dispose();
        File.Delete(_path);
    }

    [Test]
    public async Task Leaves_the_bytes_after_the_head_to_the_process(CancellationToken cancellationToken)
    {
        Answer("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nfirst bytes");

        using var connection = await UpgradedConnection.OpenAsync(_client, "/x", [], cancellationToken);
        var bytes = new byte[11];
        await connection.Output.ReadExactlyAsync(bytes, cancellationToken);

        Assert.That(Encoding.ASCII.GetString(bytes), Is.EqualTo("first bytes"));
    }

    [Test]
    public async Task Goes_on_reading_after_the_end_of_its_input(CancellationToken cancellationToken)
    {
        Answer("HTTP/1.1 101 UPGRADED\r\n\r\n");
        using var connection = await UpgradedConnection.OpenAsync(_client, "/x", [], cancellationToken);

        connection.EndInput();
        var request = new byte[4096];
        while (await _server.ReceiveAsync(request, cancellationToken) > 0)
        {
        }

        Answer("late");
        var bytes = new byte[4];
        await connection.Output.ReadExactlyAsync(bytes, cancellationToken);

        Assert.That(Encoding.ASCII.GetString(bytes), Is.EqualTo("late"));
    }

    [TestCase("Content-Length: 34\r\n\r\n{\"message\":\"No such container: x\"}")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n10\r\n{\"message\":\"No s\r\n12\r\nuch container: x\"}\r\n0\r\n\r\n")]
    public async Task Throws_what_the_engine_says_against_it(string rest, CancellationToken cancellationToken)
    {
        Answer("HTTP/1.1 404 Not Found\r\n" + rest);

        var refusal = await Assert.ThrowsAsync<EngineRefusal>(() => UpgradedConnection.OpenAsync(_client, "/x", [], cancellationToken));

        Assert.That(refusal!.Message, Is.EqualTo("No such container: x"));
    }

    [Test]
    public async Task Says_so_when_there_is_no_answer(CancellationToken cancellationToken)
    {
        _server.Shutdown(SocketShutdown.Both);

        await Assert.ThrowsAsync<CliFailure>(() => UpgradedConnection.OpenAsync(_client, "/x", [], cancellationToken));
    }

    private void Answer(string text) => _server.Send(Encoding.ASCII.GetBytes(text));
}
