using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RemoveImageTests
{
    private readonly ImageRoom _room = new();

    [Test]
    public async Task The_last_name_takes_the_image_and_its_layers_with_it()
    {
        var image = _room.Put("one", "app:1");
        Assert.That(await RemoveAsync("app:1"), Is.EqualTo(["-app:1", $"!{image.Id}", $"!{image.Layers[0]}"]));
        Assert.That(_room.Store.All, Is.Empty);
        Assert.That(_room.Log.Actions, Is.EqualTo(["image untag", "image delete"]));
    }

    [Test]
    public async Task One_name_of_several_only_goes_itself_even_when_the_image_is_in_use()
    {
        var image = _room.Put("one", "app:1", "app:2");
        _room.Use(image, ContainerPhase.Running);
        Assert.That(await RemoveAsync("app:1"), Is.EqualTo(["-app:1"]));
        Assert.That(_room.Store.Find(image.Id)?.Tags.Single().Familiar, Is.EqualTo("app:2"));
    }

    [Test]
    public async Task Layers_that_another_image_has_stay()
    {
        var image = _room.Put("one", "app:1");
        _room.Put(Samples.Image("two", "app:2") with { Layers = image.Layers });
        Assert.That(await RemoveAsync("app:1"), Is.EqualTo(["-app:1", $"!{image.Id}"]));
    }

    [Test]
    public async Task Layers_are_told_by_their_chain_ids_top_first()
    {
        Digest base_ = Samples.Digest("base"), top = Samples.Digest("top");
        var image = _room.Put(Samples.Image("one", "app:1") with { Layers = [base_, top] });
        var removed = await RemoveAsync("app:1");
        Assert.That(removed[2..], Is.EqualTo([$"!{Samples.Digest($"{base_} {top}")}", $"!{base_}"]));
        Assert.That(removed[1], Is.EqualTo($"!{image.Id}"));
    }

    [TestCase(ContainerPhase.Exited)]
    [TestCase(ContainerPhase.Running)]
    public async Task The_last_name_of_an_image_in_use_must_be_forced(ContainerPhase phase)
    {
        var image = _room.Put("one", "app:1");
        var user = _room.Use(image, phase);
        Assert.That(
            await RefusalAsync("app:1"),
            Is.EqualTo(
                $"conflict: unable to remove repository reference \"app:1\" (must force) - container {user.Id.Short} is using its referenced image {image.Id.Short}"));
        Assert.That(_room.Store.Find(image.Id)?.Tags, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Force_deletes_an_image_whose_containers_are_down()
    {
        var image = _room.Put("one", "app:1");
        _room.Use(image, ContainerPhase.Exited);
        Assert.That(await RemoveAsync("app:1", force: true), Does.Contain($"!{image.Id}"));
    }

    [Test]
    public async Task Force_leaves_an_image_that_runs_without_its_name()
    {
        var image = _room.Put("one", "app:1");
        _room.Use(image, ContainerPhase.Running);
        Assert.That(await RemoveAsync("app:1", force: true), Is.EqualTo(["-app:1"]));
        Assert.That(_room.Store.Find(image.Id)?.Tags, Is.Empty);
    }

    [TestCase(ContainerPhase.Running)]
    [TestCase(ContainerPhase.Paused)]
    [TestCase(ContainerPhase.Restarting)]
    public async Task By_id_no_force_removes_an_image_that_runs(ContainerPhase phase)
    {
        var image = _room.Put("one", "app:1");
        var user = _room.Use(image, phase);
        Assert.That(
            await RefusalAsync(image.Id.Hex, force: true),
            Is.EqualTo($"conflict: unable to delete {image.Id.Short} (cannot be forced) - image is being used by running container {user.Id.Short}"));
    }

    [Test]
    public async Task By_id_a_container_that_is_down_must_be_forced()
    {
        var image = _room.Put("one", "app:1");
        var user = _room.Use(image, ContainerPhase.Exited);
        Assert.That(
            await RefusalAsync(image.Id.Short),
            Is.EqualTo($"conflict: unable to delete {image.Id.Short} (must be forced) - image is being used by stopped container {user.Id.Short}"));
    }

    [Test]
    public async Task By_id_several_names_must_be_forced_and_then_all_go()
    {
        var image = _room.Put("one", "app:1", "other:2");
        Assert.That(
            await RefusalAsync(image.Id.Short),
            Is.EqualTo($"conflict: unable to delete {image.Id.Short} (must be forced) - image is referenced in multiple repositories"));
        Assert.That(await RemoveAsync(image.Id.Short, force: true), Is.EqualTo(["-app:1", "-other:2", $"!{image.Id}", $"!{image.Layers[0]}"]));
    }

    [Test]
    public async Task By_id_a_tag_and_a_digest_of_one_repository_are_one_name()
    {
        var digest = ImageReference.Parse($"app@{Samples.Digest("manifest")}");
        var image = _room.Put(Samples.Image("one", "app:1") with { RepositoryDigests = [digest] });
        Assert.That(await RemoveAsync(image.Id.Short), Is.EqualTo(["-app:1", $"-{digest.Familiar}", $"!{image.Id}", $"!{image.Layers[0]}"]));
    }

    [Test]
    public async Task The_last_tag_of_a_repository_takes_its_digests_along()
    {
        var digest = ImageReference.Parse($"app@{Samples.Digest("manifest")}");
        var image = _room.Put(Samples.Image("one", "app:1") with { RepositoryDigests = [digest] });
        Assert.That(await RemoveAsync("app:1"), Is.EqualTo(["-app:1", $"-{digest.Familiar}", $"!{image.Id}", $"!{image.Layers[0]}"]));
    }

    [Test]
    public async Task An_image_that_others_were_built_upon_stays()
    {
        var parent = _room.Put("parent");
        _room.Put(Samples.Image("child", "child") with { Parent = parent.Id });
        Assert.That(await RefusalAsync(parent.Id.Short, force: true), Does.EndWith("(cannot be forced) - image has dependent child images"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Parents_without_a_name_go_with_their_last_child_unless_told_otherwise(bool prune)
    {
        var grandparent = _room.Put("grandparent", "base");
        var parent = _room.Put(Samples.Image("parent") with { Parent = grandparent.Id });
        _room.Put(Samples.Image("child", "child") with { Parent = parent.Id });
        await _room.Remove.RunAsync(new RemoveImageRequest("child", false, prune), ImageRoom.Token);
        Assert.That(_room.Store.All.Select(image => image.Id), Is.EquivalentTo(prune ? [grandparent.Id] : new[] { grandparent.Id, parent.Id }));
    }

    [Test]
    public async Task An_image_mounted_in_a_container_is_in_use()
    {
        var image = _room.Put("one", "app:1");
        var other = _room.Put("two", "other");
        _room.Containers.Put(Samples.Container("user", other, ContainerPhase.Running) with
        {
            Mounts = [new ResolvedMount { Kind = MountKind.Image, Source = image.Id.ToString(), Target = "/data" }],
        });
        Assert.That(await RefusalAsync(image.Id.Short, force: true), Does.Contain("running container"));
    }

    [Test]
    public async Task A_name_takes_all_platforms_that_it_means_with_it()
    {
        var image = _room.Put("one", "app:1");
        var arm = _room.Put(PlatformSamples.Arm("arm", "app:1"));
        Assert.That(await RemoveAsync("app:1"), Is.EqualTo(["-app:1", $"!{image.Id}", $"!{image.Layers[0]}", $"!{arm.Id}", $"!{arm.Layers[0]}"]));
        Assert.That(_room.Store.All, Is.Empty);
    }

    [Test]
    public async Task A_platform_in_use_keeps_the_name_of_all()
    {
        _room.Put("one", "app:1");
        _room.Use(_room.Put(PlatformSamples.Arm("arm", "app:1")), ContainerPhase.Exited);
        Assert.That(await RefusalAsync("app:1"), Does.Contain("must force"));
        Assert.That(_room.Store.All, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task One_platform_goes_by_its_id_and_leaves_the_name_to_the_other()
    {
        var image = _room.Put("one", "app:1");
        var arm = _room.Put(PlatformSamples.Arm("arm", "app:1"));
        Assert.That(await RemoveAsync(image.Id.Short), Is.EqualTo([$"!{image.Id}", $"!{image.Layers[0]}"]));
        Assert.That(_room.Store.Find(ImageReference.Parse("app:1"))?.Id, Is.EqualTo(arm.Id));
    }

    [Test]
    public async Task What_is_not_there_is_not_found() => Assert.That(await RefusalAsync("app:1"), Is.EqualTo("No such image: app:1"));

    private async Task<List<string>> RemoveAsync(string name, bool force = false)
    {
        var removed = await _room.Remove.RunAsync(new RemoveImageRequest(name, force, Prune: true), ImageRoom.Token);
        return [.. removed.Select(removal => removal.Untagged is { } tag ? $"-{tag.Familiar}" : $"!{removal.Deleted}")];
    }

    private async Task<string?> RefusalAsync(string name, bool force = false) =>
        (await Assert.ThrowsAsync<EngineException>(() => RemoveAsync(name, force)))?.Message;
}
