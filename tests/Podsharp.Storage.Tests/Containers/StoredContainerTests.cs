using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Core.Containers;
using Podsharp.Testing;

namespace Podsharp.Storage.Tests.Containers;

public sealed class StoredContainerTests
{
    [Test]
    public void A_container_written_before_devices_could_be_requested_has_requested_none()
    {
        var record = JsonSerializer.SerializeToNode(Samples.Container("old", Samples.Image("image")), StoreJson.Default.Container)!.AsObject();
        record[nameof(Container.Spec)]![nameof(ContainerSpec.Mounts)]!.AsObject().Remove(nameof(MountsSpec.DeviceRequests));

        Assert.That(record.Deserialize(StoreJson.Default.Container)!.Spec.Mounts.DeviceRequests, Is.Empty);
    }
}
