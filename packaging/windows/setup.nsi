; The installer of 小保: for one user, no administrator, Chinese pages.
;   makensis -NOCD -INPUTCHARSET UTF8 setup.nsi    in the folder that freeze.py has filled (-DQUICK: fast and large, for trials)
; Exit codes of a silent run (/S): 0 done, 1 stopped, 2 小保 is running, 3 the book could not be kept before the upgrade,
; 4 a newer version is installed, 5 this Windows is too old, 6 the files could not be written.

Unicode true
!include "setup.nsh"
Target amd64-unicode
!ifdef QUICK ; for trials of this script only
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS all

!define KEY "xiaobao-desktop"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${KEY}"
!define BACKUP_KIND "xiaobao.backup"
!define PACKAGE_KIND "xiaobao.package"
!define OLDEST_BUILD 17763 ; Windows 10 1809: Qt 6.9 starts on nothing older

Name "小保"
BrandingText "小保·消保台账 ${VERSION}"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\小保"
InstallDirRegKey HKCU "${UNINSTALL_KEY}" "InstallLocation"
ShowInstDetails nevershow
ShowUninstDetails nevershow
AllowSkipFiles off

VIProductVersion "${VERSION4}"
VIAddVersionKey /LANG=2052 "ProductName" "小保·消保台账"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "小保·消保台账 安装程序"
VIAddVersionKey /LANG=2052 "CompanyName" "小保"
VIAddVersionKey /LANG=2052 "LegalCopyright" "小保"

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "x64.nsh"
!include "FileFunc.nsh"
!include "WordFunc.nsh"

Var Upgrade ; "1" when a version of the program is in the folder already
Var Note    ; what the program said about the book
Var Farewell

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_WELCOMEFINISHPAGE_BITMAP_STRETCH FitControl
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${PICTURE}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP_STRETCH FitControl
!define MUI_ABORTWARNING

!define MUI_WELCOMEPAGE_TITLE "安装小保·消保台账"
!define MUI_WELCOMEPAGE_TEXT "版本 ${VERSION}。只装给您自己用，不需要管理员，不联网。$\r$\n$\r$\n如果小保正开着，请先关掉。$\r$\n$\r$\n升级时台账和设置都保留：安装程序先把账簿另存一份并核对，再换程序。"
!insertmacro MUI_PAGE_WELCOME
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipFolderOnUpgrade
!define MUI_DIRECTORYPAGE_TEXT_TOP "小保将装到下面的文件夹，一般不用改。台账不放在这里：第一次打开小保时再选。"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "小保装好了"
!define MUI_FINISHPAGE_TEXT "$Farewell"
!define MUI_FINISHPAGE_TEXT_LARGE
!define MUI_FINISHPAGE_RUN "$INSTDIR\xiaobao.exe"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开小保"
!insertmacro MUI_PAGE_FINISH

!define MUI_UNCONFIRMPAGE_TEXT_TOP "将卸载小保。台账、备份和设置不会删除，最后会说明它们在哪里。"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "小保已卸载"
!define MUI_FINISHPAGE_TEXT "$Farewell"
!define MUI_FINISHPAGE_TEXT_LARGE
!insertmacro MUI_UNPAGE_FINISH

!insertmacro MUI_LANGUAGE "SimpChinese"

; Both programs, window and command line, must be closed: Windows lets nobody write to a program that runs.
!macro StopWhileRunning
  ${Do}
    StrCpy $0 ""
    ${For} $1 1 2
      ${If} $1 == 1
        StrCpy $2 "$INSTDIR\xiaobao.exe"
      ${Else}
        StrCpy $2 "$INSTDIR\xiaobao-cli.exe"
      ${EndIf}
      ${If} ${FileExists} $2
        ClearErrors
        FileOpen $3 $2 a
        ${If} ${Errors}
          StrCpy $0 $2
        ${Else}
          FileClose $3
        ${EndIf}
      ${EndIf}
    ${Next}
    ${If} $0 == ""
      ${Break}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "小保正在运行。请保存手上的内容，关掉小保，再点“重试”。" /SD IDCANCEL IDRETRY +3
    SetErrorLevel 2
    Quit
  ${Loop}
!macroend

; Asks the program about the book: $0 exit code, $Note its answer.
!macro AskProgram PROGRAM STEP
  StrCpy $Note ""
  Delete "$PLUGINSDIR\note.txt"
  nsExec::Exec '"${PROGRAM}" installer ${STEP} --note "$PLUGINSDIR\note.txt"'
  Pop $0
  ClearErrors
  FileOpen $1 "$PLUGINSDIR\note.txt" r
  ${IfNot} ${Errors}
    ${Do}
      FileReadUTF16LE $1 $2
      ${If} ${Errors}
        ${Break}
      ${EndIf}
      StrCpy $Note "$Note$2"
    ${Loop}
    FileClose $1
  ${EndIf}
  ClearErrors
!macroend

; Files of this ending belong to the program, for this user: ending, our name of the kind, its name for the officer.
!macro Register ENDING KIND WORDS
  WriteRegStr HKCU "Software\Classes\${ENDING}" "" "${KIND}"
  WriteRegStr HKCU "Software\Classes\${KIND}" "" "${WORDS}"
  WriteRegStr HKCU "Software\Classes\${KIND}\DefaultIcon" "" "$INSTDIR\xiaobao.exe,0"
  WriteRegStr HKCU "Software\Classes\${KIND}\shell\open\command" "" '"$INSTDIR\xiaobao.exe" "%1"'
!macroend

; An ending that meanwhile belongs to another program stays that program's; what others wrote beside ours stays too.
!macro Unregister ENDING KIND
  ReadRegStr $0 HKCU "Software\Classes\${ENDING}" ""
  ${If} $0 == "${KIND}"
    DeleteRegValue HKCU "Software\Classes\${ENDING}" ""
    DeleteRegKey /ifempty HKCU "Software\Classes\${ENDING}"
  ${EndIf}
  DeleteRegKey HKCU "Software\Classes\${KIND}"
!macroend

!macro TellShell
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
!macroend

Function .onInit
  InitPluginsDir
  SetShellVarContext current
  ${IfNot} ${RunningX64}
  ${OrIfNot} ${AtLeastWin10}
  ${OrIfNot} ${AtLeastBuild} ${OLDEST_BUILD}
    MessageBox MB_OK|MB_ICONSTOP "小保要 64 位的 Windows 10（1809 版）或更新的系统，这台电脑的系统不够新，没有安装。请联系科技部门。" /SD IDOK
    SetErrorLevel 5
    Quit
  ${EndIf}
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} $0 "${VERSION}" $1
    ${If} $1 == 1
      MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "已经装了更新的版本 $0，这个安装文件是 ${VERSION}。新版本打开过的账簿，旧版本可能打不开。仍要装旧版本吗？" /SD IDNO IDYES older
      SetErrorLevel 4
      Quit
      older:
    ${EndIf}
  ${EndIf}
FunctionEnd

Function SkipFolderOnUpgrade
  ${If} ${FileExists} "$INSTDIR\xiaobao.exe"
    Abort
  ${EndIf}
FunctionEnd

Function Refuse
  ; The old program is as it was; what was unpacked beside it goes.
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\new"
  RMDir "$INSTDIR"
  MessageBox MB_OK|MB_ICONSTOP "没有写成“$INSTDIR”：可能没有写权限，或者盘已满。请换一个文件夹，或清出 300 MB 空间再试。" /SD IDOK
  SetErrorLevel 6
  Quit
FunctionEnd

Function KeepBook
  DetailPrint "正在另存并核对升级前的账簿……"
  !insertmacro AskProgram "$INSTDIR\new\xiaobao-cli.exe" "upgrade"
  ${If} $0 != 0
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "升级前没有另存好账簿：$\r$\n$Note$\r$\n$\r$\n安装程序不碰账簿；但最好先解决，再升级。仍要继续吗？" /SD IDNO IDYES go_on
    SetOutPath "$TEMP"
    RMDir /r "$INSTDIR\new"
    SetErrorLevel 3
    Quit
    go_on:
  ${EndIf}
FunctionEnd

; Moves a file or folder; a virus scanner may hold new files for some seconds. The error flag tells that it failed.
!macro MovePatiently FROM TO
  StrCpy $4 0
  ${Do}
    ClearErrors
    Rename "${FROM}" "${TO}"
    ${IfNot} ${Errors}
      ${Break}
    ${EndIf}
    IntOp $4 $4 + 1
    ${If} $4 > 40
      SetErrors
      ${Break}
    ${EndIf}
    Sleep 500
  ${Loop}
!macroend

; Gives the old program its place again.
Function PutBack
  FindFirst $1 $2 "$INSTDIR\old\*.*"
  ${DoWhile} $2 != ""
    ${If} $2 != "."
    ${AndIf} $2 != ".."
      RMDir /r "$INSTDIR\$2"
      Delete "$INSTDIR\$2"
      Rename "$INSTDIR\old\$2" "$INSTDIR\$2"
    ${EndIf}
    FindNext $1 $2
  ${Loop}
  FindClose $1
  RMDir "$INSTDIR\old"
  RMDir /r "$INSTDIR\new"
FunctionEnd

; The new program takes the old one's place, part by part; when a part refuses, the old one comes back whole. Nothing
; else in the folder is touched.
Function TakePlace
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\old"
  CreateDirectory "$INSTDIR\old"
  FindFirst $1 $2 "$INSTDIR\new\*.*"
  ${DoWhile} $2 != ""
    ${If} $2 != "."
    ${AndIf} $2 != ".."
      ClearErrors
      ${If} ${FileExists} "$INSTDIR\$2"
        !insertmacro MovePatiently "$INSTDIR\$2" "$INSTDIR\old\$2"
      ${EndIf}
      ${IfNot} ${Errors}
        !insertmacro MovePatiently "$INSTDIR\new\$2" "$INSTDIR\$2"
      ${EndIf}
      ${If} ${Errors}
        FindClose $1
        StrCpy $5 $2
        Call PutBack
        MessageBox MB_OK|MB_ICONSTOP "没有换上新程序：$5 正被别的程序使用。旧版本还能用，台账没有动。请重新启动电脑，再运行一次这个安装文件。" /SD IDOK
        SetErrorLevel 6
        Quit
      ${EndIf}
    ${EndIf}
    FindNext $1 $2
  ${Loop}
  FindClose $1
  RMDir "$INSTDIR\new"
  RMDir /r "$INSTDIR\old"
FunctionEnd

Section
  SetShellVarContext current
  StrCpy $Upgrade ""
  ${If} ${FileExists} "$INSTDIR\xiaobao.exe"
    StrCpy $Upgrade "1"
  ${EndIf}
  !insertmacro StopWhileRunning
  RMDir /r "$INSTDIR\new"
  ClearErrors
  SetOverwrite try
  SetOutPath "$INSTDIR\new"
  ${If} ${Errors}
    Call Refuse
  ${EndIf}
  File /r "${PROGRAM}\*.*"
  ${If} ${Errors}
    Call Refuse
  ${EndIf}
  StrCpy $Note ""
  ${If} $Upgrade == "1"
    Call KeepBook
  ${EndIf}
  Call TakePlace
  ClearErrors
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$DESKTOP\小保.lnk" "$INSTDIR\xiaobao.exe" "" "$INSTDIR\xiaobao.exe" 0 SW_SHOWNORMAL "" "小保·消保台账"
  CreateShortcut "$SMPROGRAMS\小保.lnk" "$INSTDIR\xiaobao.exe" "" "$INSTDIR\xiaobao.exe" 0 SW_SHOWNORMAL "" "小保·消保台账"

  !insertmacro Register ".xbbak" "${BACKUP_KIND}" "小保备份"
  !insertmacro Register ".xbpack" "${PACKAGE_KIND}" "小保报送包"
  !insertmacro TellShell

  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "小保·消保台账"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "小保"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\xiaobao.exe,0"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" $0

  ${If} $Upgrade == "1"
    StrCpy $Farewell "已经升级到 ${VERSION}，台账和设置都在。$\r$\n$\r$\n$Note"
  ${Else}
    StrCpy $Farewell "桌面和开始菜单里有“小保”。$\r$\n$\r$\n第一次打开时填银行和您的姓名，设密码，把恢复密钥抄下来锁好。"
  ${EndIf}
SectionEnd

Function un.onInit
  InitPluginsDir
  SetShellVarContext current
FunctionEnd

Section "Uninstall"
  SetShellVarContext current
  !insertmacro StopWhileRunning
  !insertmacro AskProgram "$INSTDIR\xiaobao-cli.exe" "uninstall"
  ${If} $Note == ""
    StrCpy $Note "台账、备份和设置都没有删除，还在原来的文件夹里。"
  ${EndIf}
  StrCpy $Farewell "$Note$\r$\n$\r$\n再装小保时，打开就能接着用。"

  Delete "$DESKTOP\小保.lnk"
  Delete "$SMPROGRAMS\小保.lnk"
  !insertmacro Unregister ".xbbak" "${BACKUP_KIND}"
  !insertmacro Unregister ".xbpack" "${PACKAGE_KIND}"
  !insertmacro TellShell

  ; What was opened in other programs lies there in clear; it must not stay.
  RMDir /r "$LOCALAPPDATA\${KEY}\opened"
  ; Only what the installer put there: the folder itself goes when nothing else is in it.
  Delete "$INSTDIR\xiaobao.exe"
  Delete "$INSTDIR\xiaobao-cli.exe"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licenses"
  RMDir /r "$INSTDIR\new"
  RMDir /r "$INSTDIR\old"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
SectionEnd
