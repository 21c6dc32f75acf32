using System.Security.Cryptography;
using Podsharp.Registry.Certificates;

namespace Podsharp.Registry.Tests.Certificates;

public sealed class TlsAlertTests
{
    // error:0A000412:SSL routines::sslv3 alert bad certificate, and its like.
    [TestCase(0x0A000412, "bad certificate")]
    [TestCase(0x0A00045C, "certificate required")]
    [TestCase(0x0A000410, null, TestName = "A handshake that failed for another reason is none")]
    [TestCase(0x0B000074, null, TestName = "An error of another library is none")]
    public void An_alert_is_known_by_openssls_code_wherever_it_is_wrapped(int code, string? name) =>
        Assert.That(TlsAlert.AboutOurCertificate(new HttpRequestException("sending", new IOException("decrypting", new CryptographicException(code)))), Is.EqualTo(name));

    [Test]
    public void A_lost_connection_is_no_alert() => Assert.That(TlsAlert.AboutOurCertificate(new IOException("lost")), Is.Null);
}
