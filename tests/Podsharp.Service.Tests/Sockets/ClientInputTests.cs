using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Podsharp.Api.Http;
using Podsharp.Service.Sockets;

namespace Podsharp.Service.Tests.Sockets;

/// <summary>A thread that receives a client's bytes itself.</summary>
[CancelAfter(60_000)]
public sealed class ClientInputTests
{
    private const int Much = 8 << 20;
    private Socket _client = null!;
    private ClientConnection _connection = null!;

    private PipeReader Input => _connection.Transport.Input;

    private IDirectInput Direct => _connection.Features.Get<IDirectInput>()!;

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
    public async Task A_client_that_is_slow_is_waited_for(CancellationToken cancellationToken)
    {
        var received = new MemoryStream();
        var reading = OnThreadOfItsOwn(() => Read(received, 3));

        for (var part = 1; part <= 3; part++)
        {
            await _client.SendAsync(new[] { (byte)part }, SocketFlags.None, cancellationToken);
            Assert.That(() => received.Length, Is.EqualTo(part).After(10_000, 10));
        }

        await reading.WaitAsync(cancellationToken);
        Assert.That(received.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task The_end_is_seen_by_the_thread_and_told_to_whom_it_concerns(CancellationToken cancellationToken)
    {
        var reading = OnThreadOfItsOwn(() => Assert.That(Read().IsCompleted, Is.True));

        _client.Dispose();

        await reading.WaitAsync(cancellationToken);
        Assert.That(() => _connection.ConnectionClosed.IsCancellationRequested, Is.True.After(10_000, 10));
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
        await _client.SendAsync("x"u8.ToArray(), SocketFlags.None, cancellationToken);

        await reading.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task A_connection_that_is_given_up_ends_the_read_of_its_thread(CancellationToken cancellationToken)
    {
        var reading = OnThreadOfItsOwn(() => Assert.That(() => Read(), Throws.InstanceOf<IOException>().Or.InstanceOf<OperationCanceledException>()));

        _connection.Abort(new("enough"));

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
        await _client.SendAsync(bytes, SocketFlags.None, cancellationToken);
        _client.Shutdown(SocketShutdown.Send);
    }
}
