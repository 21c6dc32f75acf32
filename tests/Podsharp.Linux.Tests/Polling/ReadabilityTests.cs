using System.Net;
using System.Net.Sockets;
using Podsharp.Linux.Polling;

namespace Podsharp.Linux.Tests.Polling;

[CancelAfter(60_000)]
public sealed class ReadabilityTests
{
    private Socket _sender = null!;
    private Socket _receiver = null!;
    private Readability _readable = null!;

    [SetUp]
    public async Task Connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _sender = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _sender.ConnectAsync(listener.LocalEndPoint!);
        _receiver = await listener.AcceptAsync();
        _readable = new Readability(_receiver.SafeHandle);
    }

    [TearDown]
    public void Disconnect()
    {
        _readable.Dispose();
        _receiver.Dispose();
        _sender.Dispose();
    }

    [Test]
    public async Task A_wait_ends_when_something_comes_each_time_anew(CancellationToken cancellationToken)
    {
        for (var round = 0; round < 3; round++)
        {
            var waiting = _readable.WaitAsync().AsTask();
            Assert.That(waiting.IsCompleted, Is.False);

            _sender.Send("x"u8);

            await waiting.WaitAsync(cancellationToken);
            Assert.That(_receiver.Receive(new byte[1]), Is.EqualTo(1));
        }
    }

    [Test]
    public async Task What_lies_there_already_is_not_waited_for(CancellationToken cancellationToken)
    {
        _sender.Send("x"u8);

        await _readable.WaitAsync().AsTask().WaitAsync(cancellationToken);
        await _readable.WaitAsync().AsTask().WaitAsync(cancellationToken);
    }

    [Test]
    public async Task A_wait_ends_with_the_other_side(CancellationToken cancellationToken)
    {
        var waiting = _readable.WaitAsync().AsTask();

        _sender.Dispose();

        await waiting.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task A_wait_ends_with_the_waiter_and_another_does_not_begin(CancellationToken cancellationToken)
    {
        var waiting = _readable.WaitAsync().AsTask();

        _readable.Dispose();

        await waiting.WaitAsync(cancellationToken);
        await _readable.WaitAsync().AsTask().WaitAsync(cancellationToken);
    }
}
