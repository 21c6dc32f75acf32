using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Core.Images;
using Podsharp.Testing;

namespace Podsharp.Storage.Tests.Images;

public sealed class StoredImageTests
{
    [Test]
    public void An_image_written_before_there_were_layer_blobs_has_none()
    {
        var record = JsonSerializer.SerializeToNode(Samples.Image("old"), StoreJson.Default.Image)!.AsObject();
        record.Remove(nameof(Image.LayerBlobs));

        Assert.That(StoreJson.ReadImage(JsonSerializer.SerializeToUtf8Bytes<JsonNode>(record)).LayerBlobs, Is.Empty);
    }
}
