namespace Podsharp.Conformance.Tests;

public sealed class VolumesTests : SdkTest
{
    [Test]
    public async Task Creates_lists_inspects_and_removes()
    {
        var name = $"sdk-{Guid.NewGuid():N}";

        var created = await Client.Volumes.CreateAsync(new VolumesCreateParameters { Name = name, Labels = new Dictionary<string, string> { ["a"] = "b" } });

        Assert.That(created.Name, Is.EqualTo(name));
        Assert.That((await Client.Volumes.InspectAsync(name)).Labels["a"], Is.EqualTo("b"));
        Assert.That((await Client.Volumes.ListAsync(CancellationToken.None)).Volumes.Select(volume => volume.Name), Does.Contain(name));
        await Client.Volumes.RemoveAsync(name);
        Assert.That(() => Client.Volumes.InspectAsync(name), Throws.InstanceOf<DockerApiException>().With.Property("StatusCode").EqualTo(global::System.Net.HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Is_mounted_into_a_container()
    {
        var name = $"sdk-{Guid.NewGuid():N}";
        var container = await StartAsync("cat /data/seed", parameters => parameters.HostConfig.Binds = [$"{name}:/data"]);
        await Client.Containers.WaitContainerAsync(container);

        using var stream = await Client.LogsAsync(container, false, new ContainerLogsParameters { ShowStdout = true });

        Assert.That((await ReadAsync(stream)).Output, Is.EqualTo("from the image\n"));
        await RemoveContainersAsync();
        await Client.Volumes.RemoveAsync(name);
    }
}
