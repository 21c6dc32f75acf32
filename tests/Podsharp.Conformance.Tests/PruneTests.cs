namespace Podsharp.Conformance.Tests;

/// <summary>Prunes of each kind, held to what carries a label: the engine may be somebody's.</summary>
public sealed class PruneTests : SdkTest
{
    private string _value = "";

    private IDictionary<string, IDictionary<string, bool>> Mine => Filters(("label", $"prune={_value}"));

    private Dictionary<string, string> Labels => new() { ["prune"] = _value };

    [SetUp]
    public void Choose() => _value = Guid.NewGuid().ToString("N");

    [Test]
    public async Task Takes_containers_that_do_not_run()
    {
        var ended = await StartAsync("echo something >/file", parameters => parameters.Labels = Labels);
        var running = await StartAsync("sleep 1000", parameters => parameters.Labels = Labels);
        var other = await CreateAsync("true");
        await Client.Containers.WaitContainerAsync(ended);

        var pruned = await Client.Containers.PruneContainersAsync(new ContainersPruneParameters { Filters = Mine });

        Assert.That(pruned.ContainersDeleted, Is.EqualTo(new[] { ended }));
        Assert.That(pruned.SpaceReclaimed, Is.Positive);
        Assert.That((await Client.Containers.InspectContainerAsync(running)).State.Running, Is.True);
        Assert.That((await Client.Containers.InspectContainerAsync(other)).ID, Is.EqualTo(other));
    }

    [Test]
    public async Task Spares_what_is_younger_than_asked_for()
    {
        var container = await CreateAsync("true", parameters => parameters.Labels = Labels);

        var pruned = await Client.Containers.PruneContainersAsync(new ContainersPruneParameters { Filters = Filters(("label", $"prune={_value}"), ("until", "1h")) });

        Assert.That(pruned.ContainersDeleted ?? [], Is.Empty);
        Assert.That((await Client.Containers.InspectContainerAsync(container)).ID, Is.EqualTo(container));
    }

    [Test]
    public async Task Takes_networks_without_containers()
    {
        var idle = $"sdk-{_value}"[..12];
        var used = $"sdu-{_value}"[..12];
        foreach (var name in (string[])[idle, used]) await Client.Networks.CreateNetworkAsync(new NetworksCreateParameters { Name = name, Labels = Labels });
        await StartAsync("sleep 1000", parameters => parameters.HostConfig.NetworkMode = used);

        var pruned = await Client.Networks.PruneNetworksAsync(new NetworksDeleteUnusedParameters { Filters = Mine });

        Assert.That(pruned.NetworksDeleted, Is.EqualTo(new[] { idle }));
        await RemoveContainersAsync();
        await Client.Networks.DeleteNetworkAsync(used);
    }

    [Test]
    public async Task Takes_named_volumes_only_where_all_are_meant()
    {
        var name = $"sdk-{_value}";
        await Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = name, Labels = Labels });

        var nameless = await Client.Volumes.PruneAsync(new VolumesPruneParameters { Filters = Mine });
        var all = await Client.Volumes.PruneAsync(new VolumesPruneParameters { Filters = Filters(("label", $"prune={_value}"), ("all", "true")) });

        Assert.That(nameless.VolumesDeleted ?? [], Is.Empty);
        Assert.That(all.VolumesDeleted, Is.EqualTo(new[] { name }));
    }

    [Test]
    public async Task Takes_images_without_a_name_and_all_that_no_container_uses()
    {
        var container = await CreateAsync("true");
        var name = $"sdk-{_value}";
        await Client.Images.CommitContainerChangesAsync(new CommitContainerChangesParameters
        {
            ContainerID = container,
            RepositoryName = name,
            Tag = "one",
            Changes = [$"LABEL prune={_value}"],
        });
        var image = (await Client.Images.InspectImageAsync($"{name}:one")).ID;

        var dangling = await Client.Images.PruneImagesAsync(new ImagesPruneParameters { Filters = Mine });
        var all = await Client.Images.PruneImagesAsync(new ImagesPruneParameters { Filters = Filters(("label", $"prune={_value}"), ("dangling", "false")) });

        Assert.That(dangling.ImagesDeleted ?? [], Is.Empty);
        Assert.That(all.ImagesDeleted.Select(one => one.Untagged), Does.Contain($"{name}:one"));
        Assert.That(all.ImagesDeleted.Select(one => one.Deleted), Does.Contain(image));
    }

    [Test]
    public void An_unknown_filter_is_refused()
    {
        Assert.That(
            () => Client.Containers.PruneContainersAsync(new ContainersPruneParameters { Filters = Filters(("colour", "red")) }),
            Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.BadRequest));
    }
}
