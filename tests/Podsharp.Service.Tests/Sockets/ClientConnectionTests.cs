using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Podsharp.Service.Sockets;

namespace Podsharp.Service.Tests.Sockets;

public sealed class ClientConnectionTests : ConnectionFixture
{
    private const int Much = 8 << 20;

    private PipeWriter Output => Connection.Transport.Output;

    [Test]
    public async Task What_theClient_sends_arrives_in_order(CancellationToken cancellationToken)
    {
        var sent = Sample(Much);
        var sending = SendAsync(sent, cancellationToken);

        var received = new MemoryStream();
        await Input.CopyToAsync(received, cancellationToken);

        await sending;
        Assert.That(received.ToArray().AsSpan().SequenceEqual(sent), Is.True);
    }

    [Test]
    public async Task What_is_written_reaches_theClient_in_order_before_theConnection_ends(CancellationToken cancellationToken)
    {
        var written = Sample(Much);
        var reading = ReadToEndAsync(cancellationToken);

        await Output.WriteAsync(written, cancellationToken);
        await Connection.DisposeAsync();

        Assert.That((await reading).AsSpan().SequenceEqual(written), Is.True);
    }

    [Test]
    public async Task AClient_that_has_sent_its_last_byte_still_gets_the_reply(CancellationToken cancellationToken)
    {
        Client.Shutdown(SocketShutdown.Send);
        var read = await Input.ReadAsync(cancellationToken);
        Assert.That(read.IsCompleted, Is.True);
        Assert.That(() => Connection.ConnectionClosed.IsCancellationRequested, Is.True.After(10_000, 10));

        await Output.WriteAsync("late"u8.ToArray(), cancellationToken);
        await Output.CompleteAsync();

        Assert.That(await ReadToEndAsync(cancellationToken), Is.EqualTo("late"u8.ToArray()));
    }

    [Test]
    public async Task An_abort_ends_theClient_and_tells_the_reader_why(CancellationToken cancellationToken)
    {
        var reading = Input.ReadAsync(cancellationToken).AsTask();

        Connection.Abort(new ConnectionAbortedException("enough"));

        Assert.That(async () => await reading, Throws.TypeOf<ConnectionAbortedException>().With.Message.EqualTo("enough"));
        Assert.That(await ReadToEndAsync(cancellationToken), Is.Empty);
        Assert.That(() => Connection.ConnectionClosed.IsCancellationRequested, Is.True.After(10_000, 10));
    }

    [Test]
    public async Task AConnection_that_was_aborted_without_a_reason_and_again_with_one_comes_to_its_end(CancellationToken cancellationToken)
    {
        Connection.Abort(null!);
        Connection.Abort(new ConnectionAbortedException("again"));

        await Connection.DisposeAsync().AsTask().WaitAsync(cancellationToken);

        Assert.That(await ReadToEndAsync(cancellationToken), Is.Empty);
    }

    [Test]
    public async Task AClient_whose_bytes_nobody_wants_is_kept_waiting(CancellationToken cancellationToken)
    {
        var sending = SendAsync(Sample(Much), cancellationToken);

        Assert.That(() => Held(), Is.GreaterThanOrEqualTo(1 << 20).After(10_000, 10));
        Assert.That(sending.IsCompleted, Is.False);
        Assert.That(Held(), Is.LessThan(2 << 20));

        await Input.CompleteAsync();
        await Connection.DisposeAsync();
        Assert.That(async () => await sending, Throws.TypeOf<SocketException>());
    }

    [Test]
    public async Task AClient_that_does_not_read_keeps_the_writer_waiting_and_frees_it_by_going(CancellationToken cancellationToken)
    {
        var writing = Output.WriteAsync(Sample(Much), cancellationToken).AsTask();
        Assert.That(writing.IsCompleted, Is.False);

        Client.Dispose();

        Assert.That((await writing).IsCompleted, Is.True);
    }

    [Test]
    public async Task An_idleConnection_ends_with_its_server(CancellationToken cancellationToken)
    {
        await Connection.DisposeAsync();

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
        await Client.SendAsync(bytes, SocketFlags.None, cancellationToken);
        Client.Shutdown(SocketShutdown.Send);
    }

    private async Task<byte[]> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var (all, part) = (new MemoryStream(), new byte[64 << 10]);
        while (await Client.ReceiveAsync(part, SocketFlags.None, cancellationToken) is > 0 and var length) all.Write(part, 0, length);
        return all.ToArray();
    }
}
