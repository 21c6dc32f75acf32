using System.Text;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Pull;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images.Pull;

/// <summary>What is fetched, by one pull and by several at once.</summary>
public sealed class PullTransferTests : PullFixture
{
    [Test]
    public async Task Layers_that_are_there_are_not_fetched()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        Registry.Add("library/app", "2", "amd64", "base", "top");
        await PullAsync("app:1");
        Registry.Fetched.Clear();

        await PullAsync("app:2");

        Assert.That(Registry.Fetched, Does.Not.Contain(FakeRegistry.DigestOf("base"u8.ToArray())));
        Assert.That(Told.OfType<LayerPulled>().Select(step => step.Phase), Does.Contain(LayerPhase.AlreadyThere));
    }

    [Test]
    public async Task Two_pulls_at_once_share_each_transfer()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        Registry.Add("library/app", "2", "amd64", "base", "top");
        var gate = new TaskCompletionSource();
        var base_ = FakeRegistry.DigestOf("base"u8.ToArray());
        Registry.BeforeBlob = (digest, _) => digest == base_ ? gate.Task : Task.CompletedTask;

        var first = PullAsync("app:1");
        var second = PullAsync("app:2");
        while (Told.OfType<LayerPulled>().Count(step => step.Blob == base_) < 2) await Task.Delay(5);
        gate.SetResult();
        await Task.WhenAll(first, second);

        Assert.That(Registry.Fetched.Count(digest => digest == base_), Is.EqualTo(1));
        Assert.That((await second).Layers, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_pull_that_is_left_does_not_take_the_transfer_from_the_other()
    {
        Registry.Add("library/app", "1", "amd64", "base");
        var gate = new TaskCompletionSource();
        var base_ = FakeRegistry.DigestOf("base"u8.ToArray());
        Registry.BeforeBlob = (digest, stop) => digest == base_ ? gate.Task.WaitAsync(stop) : Task.CompletedTask;
        using var leave = new CancellationTokenSource();

        var first = PullAsync("app:1", cancel: leave.Token);
        var second = PullAsync("app:1");
        while (Told.OfType<LayerPulled>().Count() < 2) await Task.Delay(5);
        await leave.CancelAsync();
        await Assert.ThatAsync(() => first, Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult();

        Assert.That((await second).Tags, Is.Not.Empty);
        Assert.That(Registry.Fetched.Count(digest => digest == base_), Is.EqualTo(1));
    }

    [Test]
    public async Task A_cancelled_pull_leaves_no_image_but_goes_on_later_where_it_was()
    {
        Registry.Add("library/app", "1", "amd64", "base", "top");
        var top = FakeRegistry.DigestOf("top"u8.ToArray());
        using var leave = new CancellationTokenSource();
        Registry.BeforeBlob = (digest, stop) => digest == top ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask;
        var pull = PullAsync("app:1", cancel: leave.Token);
        while (!Told.OfType<LayerPulled>().Any(step => step.Phase == LayerPhase.Downloaded)) await Task.Delay(5);
        await leave.CancelAsync();
        await Assert.ThatAsync(() => pull, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Store.All, Is.Empty);

        Registry.BeforeBlob = (_, _) => Task.CompletedTask;
        Registry.Fetched.Clear();
        await PullAsync("app:1");

        Assert.That(Registry.Fetched, Does.Not.Contain(FakeRegistry.DigestOf("base"u8.ToArray())));
    }

    [Test]
    public async Task A_layer_that_is_not_what_the_configuration_says_fails_the_pull()
    {
        var manifest = Registry.Add("library/app", "1", "amd64", "base");
        Registry.Blobs[("library/app", FakeRegistry.DigestOf("base"u8.ToArray()))] = Encoding.UTF8.GetBytes("evil");

        var failure = await Assert.ThrowsAsync<EngineException>(() => PullAsync("app:1"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidData));
        Assert.That(Store.All, Is.Empty);
        Assert.That(manifest.Content.Length, Is.Positive);
    }
}
