using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Podsharp.Service.Sockets;

namespace Podsharp.Service.Tests.Sockets;

[CancelAfter(60_000)]
public sealed class ClientConnectionTests
{
    private const int Much = 8 << 20;
    private Socket _client = null!;
    private ClientConnection _connection = null!;

    private PipeReader Input => _connection.Transport.Input;

    private PipeWriter Output => _connection.Transport.Output;

    [SetUp]
    public async Task Connect()
    {
        var path = Path.Join(Path.GetTempPath(), Path.GetRandomFileName());
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await _client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        _connection = new ClientConnection(await listener.AcceptAsync(), new UnixDomainSocketEndPoint(path));
        File.Delete(path);
    }

    [TearDown]
    public async Task Disconnect()
    {
        _client.Dispose();
        await _connection.DisposeAsync();
    }

    [Test]
    public async Task What_the_client_sends_arrives_in_order(CancellationToken cancellationToken)
    {
        var sent = Sample(Much);
        var sending = SendAsync(sent, cancellationToken);

        var received = new MemoryStream();
        await Input.CopyToAsync(received, cancellationToken);

        await sending;
        Assert.That(received.ToArray().AsSpan().SequenceEqual(sent), Is.True);
    }

    [Test]
    public async Task What_is_written_reaches_the_client_in_order_before_the_connection_ends(CancellationToken cancellationToken)
    {
        var written = Sample(Much);
        var reading = ReadToEndAsync(cancellationToken);

        await Output.WriteAsync(written, cancellationToken);
        await _connection.DisposeAsync();

        Assert.That((await reading).AsSpan().SequenceEqual(written), Is.True);
    }

    [Test]
    public async Task A_client_that_has_sent_its_last_byte_still_gets_the_reply(CancellationToken cancellationToken)
    {
        _client.Shutdown(SocketShutdown.Send);
        var read = await Input.ReadAsync(cancellationToken);
        Assert.That(read.IsCompleted, Is.True);
        Assert.That(() => _connection.ConnectionClosed.IsCancellationRequested, Is.True.After(10_000, 10));

        await Output.WriteAsync("late"u8.ToArray(), cancellationToken);
        await Output.CompleteAsync();

        Assert.That(await ReadToEndAsync(cancellationToken), Is.EqualTo("late"u8.ToArray()));
    }

    [Test]
    public async Task An_abort_ends_the_client_and_tells_the_reader_why(CancellationToken cancellationToken)
    {
        var reading = Input.ReadAsync(cancellationToken).AsTask();

        _connection.Abort(new ConnectionAbortedException("enough"));

        Assert.That(async () => await reading, Throws.TypeOf<ConnectionAbortedException>().With.Message.EqualTo("enough"));
        Assert.That(await ReadToEndAsync(cancellationToken), Is.Empty);
        Assert.That(() => _connection.ConnectionClosed.IsCancellationRequested, Is.True.After(10_000, 10));
    }

    [Test]
    public async Task A_connection_that_was_aborted_without_a_reason_and_again_with_one_comes_to_its_end(CancellationToken cancellationToken)
    {
        _connection.Abort(null!);
        _connection.Abort(new ConnectionAbortedException("again"));

        await _connection.DisposeAsync().AsTask().WaitAsync(cancellationToken);

        Assert.That(await ReadToEndAsync(cancellationToken), Is.Empty);
    }

    [Test]
    public async Task A_client_whose_bytes_nobody_wants_is_kept_waiting(CancellationToken cancellationToken)
    {
        var sending = SendAsync(Sample(Much), cancellationToken);

        Assert.That(() => Held(), Is.GreaterThanOrEqualTo(1 << 20).After(10_000, 10));
        Assert.That(sending.IsCompleted, Is.False);
        Assert.That(Held(), Is.LessThan(2 << 20));

        await Input.CompleteAsync();
        await _connection.DisposeAsync();
        Assert.That(async () => await sending, Throws.TypeOf<SocketException>());
    }

    [Test]
    public async Task A_client_that_does_not_read_keeps_the_writer_waiting_and_frees_it_by_going(CancellationToken cancellationToken)
    {
        var writing = Output.WriteAsync(Sample(Much), cancellationToken).AsTask();
        Assert.That(writing.IsCompleted, Is.False);

        _client.Dispose();

        Assert.That((await writing).IsCompleted, Is.True);
    }

    [Test]
    public async Task An_idle_connection_ends_with_its_server(CancellationToken cancellationToken)
    {
        await _connection.DisposeAsync();

        Assert.That(await ReadToEndAsync(cancellationToken), Is.Empty);
    }

    private static byte[] Sample(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private long Held()
    {
        if (!Input.TryRead(out var read)) return 0;
        var held = read.Buffer.Length;
        Input.AdvanceTo(read.Buffer.Start);
        return held;
    }

    private async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await _client.SendAsync(bytes, SocketFlags.None, cancellationToken);
        _client.Shutdown(SocketShutdown.Send);
    }

    private async Task<byte[]> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var (all, part) = (new MemoryStream(), new byte[64 << 10]);
        while (await _client.ReceiveAsync(part, SocketFlags.None, cancellationToken) is > 0 and var length) all.Write(part, 0, length);
        return all.ToArray();
    }
}
