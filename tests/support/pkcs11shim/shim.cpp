// A PKCS#11 module between the program and a real one, which makes the failures that a software token cannot have.
// SHIM_MODULE names the real module, SHIM_CONTROL a file of letters that is read before every call:
//   r  the token is removed            m  it goes away while it signs
//   l  the PIN is locked               f  one try is left              c  the PIN was entered wrongly before
//   b  a bit of each signature flips   d  signing takes half a second  k  each signature is by another key
//   p  the PIN is entered on the token (SHIM_PIN is what the person types there)
//   h  the slot says that it is hardware
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <string>
#include <thread>

namespace {

CK_FUNCTION_LIST *real = nullptr;
CK_FUNCTION_LIST shim;

bool fault(char letter)
{
    const char *path = std::getenv("SHIM_CONTROL");
    std::ifstream file(path ? path : "");
    std::string letters;
    std::getline(file, letters);
    return letters.find(letter) != std::string::npos;
}

CK_RV getSlotList(CK_BBOOL present, CK_SLOT_ID *list, CK_ULONG *count)
{
    if (fault('r')) {
        *count = 0;
        return CKR_OK;
    }
    return real->C_GetSlotList(present, list, count);
}

CK_RV getSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    const CK_RV rv = real->C_GetSlotInfo(slot, info);
    if (rv == CKR_OK && fault('h'))
        info->flags |= CKF_HW_SLOT;
    return rv;
}

CK_RV getTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    const CK_RV rv = real->C_GetTokenInfo(slot, info);
    if (rv != CKR_OK)
        return rv;
    if (fault('l'))
        info->flags |= CKF_USER_PIN_LOCKED;
    if (fault('f'))
        info->flags |= CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY;
    if (fault('c'))
        info->flags |= CKF_USER_PIN_COUNT_LOW;
    if (fault('p'))
        info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    return rv;
}

CK_RV getSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
    return fault('r') ? CKR_SESSION_HANDLE_INVALID : real->C_GetSessionInfo(session, info);
}

CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG size)
{
    if (fault('l'))
        return CKR_PIN_LOCKED;
    if (!fault('p'))
        return real->C_Login(session, user, pin, size);
    if (pin)
        return CKR_ARGUMENTS_BAD;
    char *typed = std::getenv("SHIM_PIN");
    return real->C_Login(session, user, reinterpret_cast<CK_UTF8CHAR *>(typed), std::strlen(typed));
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG dataSize, CK_BYTE *signature, CK_ULONG *size)
{
    if (fault('r') || fault('m'))
        return CKR_DEVICE_REMOVED;
    if (fault('d'))
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const CK_RV rv = real->C_Sign(session, data, dataSize, signature, size);
    if (rv == CKR_OK && signature && fault('b'))
        signature[5] = static_cast<CK_BYTE>(signature[5] ^ 0x10);
    if (rv == CKR_OK && signature && fault('k') && *size == 64) // a valid-looking signature that no known key made
        std::swap_ranges(signature, signature + 32, signature + 32);
    return rv;
}

} // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    if (!real) {
        const char *path = std::getenv("SHIM_MODULE");
        void *handle = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
        auto *entry = handle ? reinterpret_cast<CK_C_GetFunctionList>(dlsym(handle, "C_GetFunctionList")) : nullptr;
        if (!entry || entry(&real) != CKR_OK)
            return CKR_GENERAL_ERROR;
        shim = *real;
        shim.C_GetSlotList = getSlotList;
        shim.C_GetSlotInfo = getSlotInfo;
        shim.C_GetTokenInfo = getTokenInfo;
        shim.C_GetSessionInfo = getSessionInfo;
        shim.C_Login = login;
        shim.C_Sign = sign;
    }
    *list = &shim;
    return CKR_OK;
}
