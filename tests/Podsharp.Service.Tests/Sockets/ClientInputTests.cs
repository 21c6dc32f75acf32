using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Podsharp.Api.Http;
using Podsharp.Service.Sockets;

namespace Podsharp.Service.Tests.Sockets;

/// <summary>A thread that receives a client's bytes itself.</summary>
public sealed class ClientInputTests : ConnectionFixture
{
    private const int Much = 8 << 20;

    private IDirectInput Direct => Connection.Features.Get<IDirectInput>()!;

    [Test]
    public async Task Bytes_arrive_in_order_whoever_receives_them(CancellationToken cancellationToken)
    {
        var sent = new byte[Much];
        new Random(1).NextBytes(sent);
        var sending = SendAsync(sent, cancellationToken);
        var received = new MemoryStream();

        for (var part = 1; part <= 8; part++)
        {
            if (part % 2 == 0) await OnThreadOfItsOwn(() => Read(received, part * (Much / 8)));
            else await Task.Run(() => Read(received, part * (Much / 8)), cancellationToken);
        }

        await sending;
        Assert.That(received.ToArray().AsSpan().SequenceEqual(sent), Is.True);
    }

    [Test]
    public async Task AClient_that_is_slow_is_waited_for(CancellationToken cancellationToken)
    {
        var received = new MemoryStream();
        var reading = OnThreadOfItsOwn(() => Read(received, 3));

        for (var part = 1; part <= 3; part++)
        {
            await Client.SendAsync(new[] { (byte)part }, SocketFlags.None, cancellationToken);
            Assert.That(() => received.Length, Is.EqualTo(part).After(10_000, 10));
        }

        await reading.WaitAsync(cancellationToken);
        Assert.That(received.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task The_end_is_seen_by_the_thread_and_told_to_whom_it_concerns(CancellationToken cancellationToken)
    {
        var reading = OnThreadOfItsOwn(() => Assert.That(Read().IsCompleted, Is.True));

        Client.Dispose();

        await reading.WaitAsync(cancellationToken);
        Assert.That(() => Connection.ConnectionClosed.IsCancellationRequested, Is.True.After(10_000, 10));
    }

    [Test]
    public async Task A_read_that_waits_can_be_given_up_and_the_next_goes_on(CancellationToken cancellationToken)
    {
        var reading = OnThreadOfItsOwn(() =>
        {
            Assert.That(Read().IsCanceled, Is.True);
            Assert.That(Read().Buffer.Length, Is.EqualTo(1));
        });

        Input.CancelPendingRead();
        await Client.SendAsync("x"u8.ToArray(), SocketFlags.None, cancellationToken);

        await reading.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task AConnection_that_is_given_up_ends_the_read_of_its_thread(CancellationToken cancellationToken)
    {
        var reading = OnThreadOfItsOwn(() => Assert.That(() => Read(), Throws.InstanceOf<IOException>().Or.InstanceOf<OperationCanceledException>()));

        Connection.Abort(new("enough"));

        await reading.WaitAsync(cancellationToken);
    }

    private Task OnThreadOfItsOwn(Action work) => Task.Factory.StartNew(
        () =>
        {
            using var direct = Direct.Begin();
            work();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void Read(MemoryStream received, int until)
    {
        while (received.Length < until)
        {
            var read = Input.ReadAsync().AsTask().GetAwaiter().GetResult();
            var taken = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, until - received.Length));
            foreach (var part in taken) received.Write(part.Span);
            Input.AdvanceTo(taken.End);
        }
    }

    private ReadResult Read()
    {
        var read = Input.ReadAsync().AsTask().GetAwaiter().GetResult();
        Input.AdvanceTo(read.Buffer.Start);
        return read;
    }

    private async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await Client.SendAsync(bytes, SocketFlags.None, cancellationToken);
        Client.Shutdown(SocketShutdown.Send);
    }
}
