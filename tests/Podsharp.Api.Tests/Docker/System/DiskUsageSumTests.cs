using System.Text.Json;
using Podsharp.Api.Docker.System;
using Podsharp.Wire.Docker.Containers;
using Podsharp.Wire.Docker.Images;
using Podsharp.Wire.Docker.System;
using Podsharp.Wire.Docker.Volumes;

namespace Podsharp.Api.Tests.Docker.System;

public sealed class DiskUsageSumTests
{
    [Test]
    public void What_is_used_cannot_be_had_back()
    {
        var usage = new DiskUsageReply(
            1000,
            [Image(containers: 1, size: 600, shared: 200), Image(containers: 0, size: 300, shared: 200)],
            [Entry("running", 10), Entry("restarting", 20), Entry("exited", 40)],
            [Volume(users: 1, size: 7), Volume(users: 0, size: 5)],
            []);

        Assert.That(Write(DiskUsageSum.Of(usage, withItems: false)), Is.EqualTo(
            """
            {"ImageUsage":{"ActiveCount":1,"TotalCount":2,"Reclaimable":600,"TotalSize":1000},"ContainerUsage":{"ActiveCount":2,"TotalCount":3,"Reclaimable":40,"TotalSize":70},"VolumeUsage":{"ActiveCount":1,"TotalCount":2,"Reclaimable":5,"TotalSize":12},"BuildCacheUsage":{}}
            """));
    }

    [Test]
    public void What_was_not_asked_for_is_left_out() =>
        Assert.That(Write(DiskUsageSum.Of(new DiskUsageReply(0, null, null, [], null), withItems: true)), Is.EqualTo("""{"VolumeUsage":{"Items":[]}}"""));

    private static string Write(DiskUsageTotals totals) => JsonSerializer.Serialize(totals, DiskUsageJson.Default.DiskUsageTotals);

    private static ImageSummary Image(long containers, long size, long shared) => new()
    {
        Id = "i", ParentId = "", RepoTags = [], RepoDigests = [], Created = 0, Labels = new Dictionary<string, string>(), Containers = containers, Size = size, SharedSize = shared,
    };

    private static ListEntry Entry(string state, long size) => new()
    {
        Id = "c", Names = [], Image = "", ImageId = "", Command = "", Created = 0, Ports = [], SizeRw = size, Labels = new Dictionary<string, string>(), State = state, Status = "",
        HostConfig = new HostConfigSummary(), NetworkSettings = new NetworkSettingsSummary(new Dictionary<string, EndpointSettings>()), Mounts = [],
    };

    private static VolumeReply Volume(long users, long size) => new()
    {
        CreatedAt = "", Driver = "local", Labels = new Dictionary<string, string>(), Mountpoint = "", Name = "v", Options = null, UsageData = new VolumeUsage(users, size),
    };
}
