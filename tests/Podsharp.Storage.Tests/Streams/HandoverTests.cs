using Podsharp.Storage.Streams;

namespace Podsharp.Storage.Tests.Streams;

public sealed class HandoverTests
{
    [Test]
    public void Things_come_out_in_the_order_in_which_they_were_given_and_after_the_end_too()
    {
        var handover = new Handover<int>();
        handover.Give(1);
        handover.Give(2);
        handover.End();

        Assert.That((handover.TryTake(out var first), first), Is.EqualTo((true, 1)));
        Assert.That((handover.TryTake(out var second), second), Is.EqualTo((true, 2)));
        Assert.That(handover.TryTake(out _), Is.False);
    }

    [Test]
    public async Task Who_waits_is_woken_by_a_thing_and_by_the_end()
    {
        var handover = new Handover<int>();
        var taken = new List<int>();
        var taking = Task.Run(() =>
        {
            while (handover.TryTake(out var thing)) taken.Add(thing);
        });

        for (var i = 0; i < 1000; i++) handover.Give(i);
        handover.End();
        await taking.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public void A_digest_of_more_than_the_buffers_hold_is_the_digest_of_all()
    {
        var content = new byte[3_000_001];
        new Random(1).NextBytes(content);
        using var hash = new BackgroundSha256();

        for (var at = 0; at < content.Length; at += 70_001) hash.Append(content.AsSpan(at, Math.Min(70_001, content.Length - at)));

        Assert.That(hash.Finish().ToString(), Is.EqualTo("sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))));
    }
}
