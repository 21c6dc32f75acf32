using Podsharp.Service.Sockets;

namespace Podsharp.Service.Tests.Sockets;

public sealed class ReceiveSizeTests
{
    [Test]
    public void A_receive_grows_while_the_client_fills_it_up_to_a_bound()
    {
        var size = new ReceiveSize();
        var sizes = new List<int>();
        for (var count = 0; count < 6; count++)
        {
            sizes.Add(size.Bytes);
            size.Received(size.Bytes, size.Bytes);
        }

        Assert.That(sizes, Is.EqualTo((int[])[2 << 10, 8 << 10, 32 << 10, 128 << 10, 256 << 10, 256 << 10]));
    }

    [Test]
    public void A_receive_shrinks_again_when_little_comes()
    {
        var size = new ReceiveSize();
        for (var count = 0; count < 6; count++) size.Received(size.Bytes, size.Bytes);

        for (var count = 0; count < 6; count++) size.Received(1, size.Bytes);

        Assert.That(size.Bytes, Is.EqualTo(2 << 10));
    }

    [Test]
    public void Room_is_made_ahead_only_for_a_client_that_has_just_filled_it()
    {
        var size = new ReceiveSize();
        Assert.That(size.MayHaveToWait, Is.True);

        size.Received(4096, 4096);
        Assert.That(size.MayHaveToWait, Is.False);

        size.Received(4095, 4096);
        Assert.That(size.MayHaveToWait, Is.True);
    }
}
